namespace Ferry.DiskImages.Sources;

/// <summary>A user and password for source hosts, as the configuration or a secret file has it.</summary>
public sealed class SourceCredential
{
    /// <summary>The hosts that it may be sent to: <c>host</c>, <c>host:port</c> or <c>*.domain</c>; none: it is sent nowhere.</summary>
    public IList<string> Hosts { get; init; } = [];

    /// <summary>User name.</summary>
    public string UserName { get; set; } = "";

    /// <summary>Password; better in a file: see <see cref="PasswordFile"/>.</summary>
    public string? Password { get; set; }

    /// <summary>File whose first line is the password; read for every transfer, so that a new password needs no restart.</summary>
    public string? PasswordFile { get; set; }

    /// <summary>Whether it may be sent over http, where anybody on the way can read it.</summary>
    public bool AllowHttp { get; set; }
}
