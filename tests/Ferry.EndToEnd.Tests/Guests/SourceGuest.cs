namespace Ferry.EndToEnd.Tests.Guests;

/// <summary>A guest as it stands at its source.</summary>
/// <param name="Folder">Where its files are.</param>
/// <param name="FailedUnits">Units that fail at the source already.</param>
public sealed record SourceGuest(string Folder, IReadOnlyList<string> FailedUnits)
{
    /// <summary>MAC address of its adapter.</summary>
    public const string Mac = "00:0c:29:fe:55:01";

    /// <summary>UUID of its root's file system.</summary>
    public const string RootUuid = "5a3c0de5-0b1e-4c1f-8a44-fe2255000001";

    /// <summary>The machine's description.</summary>
    public string Vmx => Path.Combine(Folder, "guest.vmx");
}
