namespace Ferry.Fixup.Volumes;

/// <summary>A guest's file system does not give what was asked for: missing, of another kind, too big, a link that leads nowhere or in circles.</summary>
public sealed class GuestVolumeException(string path, string message, Exception? inner = null) : Exception($"{path}: {message}", inner)
{
    /// <summary>Path in the guest.</summary>
    public string GuestPath { get; } = path;
}
