namespace Ferry.Cleanup;

/// <summary>The closed list of this service's own error codes; docs/errors.md explains each.</summary>
public static class CleanupErrors
{
    /// <summary>A service did not say which manifests it needs.</summary>
    public const string ServiceSilent = "STORE_SERVICE_SILENT";
}
