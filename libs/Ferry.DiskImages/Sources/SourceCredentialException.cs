namespace Ferry.DiskImages.Sources;

/// <summary>A credential is not there, cannot be read, or may not be sent to the host. The message holds no secret.</summary>
public sealed class SourceCredentialException(string message, string remedy) : Exception(message)
{
    /// <summary>What the operator should do.</summary>
    public string Remedy { get; } = remedy;
}
