using Ferry.DiskImages.Sources;

namespace Ferry.Transfer.Jobs;

/// <summary>One file of a transfer job.</summary>
public sealed class TransferFile
{
    /// <summary>URL of a plain file, or absolute path of one of a machine for the library; null when <see cref="Manifest"/> says what to move.</summary>
    public string? Source { get; set; }

    /// <summary>What the source was when it was listed, or null when nobody has looked before: another one is not moved.</summary>
    public SourcePin? Pin { get; set; }

    /// <summary>SHA-256 of the whole file, 64 lower-case hexadecimal digits, once it is in the library share.</summary>
    public string? Sha256 { get; set; }

    /// <summary>Root id of the manifest with chunks at an origin; of a plain file the one that was made when it was opened first.</summary>
    public string? Manifest { get; set; }

    /// <summary>Root id of what an earlier transfer of the same disk made, of which the chunk store has lost chunks: only those are moved; or null.</summary>
    public string? KnownManifest { get; set; }

    /// <summary>Relative path in the library share, or null for the chunk store.</summary>
    public string? Destination { get; set; }

    /// <summary>Size in bytes, or null before it was opened.</summary>
    public long? Size { get; set; }

    /// <summary>Bytes that have to be dealt with, or null before it was opened.</summary>
    public long? BytesTotal { get; set; }

    /// <summary>Whether it is complete.</summary>
    public bool Done { get; set; }

    /// <summary>Root id of the complete manifest, once done; null for a file in the library share.</summary>
    public string? Result { get; set; }

    /// <summary>Digest, once done.</summary>
    public string? Digest { get; set; }

    /// <summary>Where its bytes come from, without user, password and query; empty when not known yet.</summary>
    public string Shown { get; set; } = "";

    /// <summary>What has come, of a file that a client sends; null for downloads.</summary>
    public Uploads.UploadFileCounts? Upload { get; set; }

    /// <summary>Host and port of its source; empty when not known yet.</summary>
    public string Host { get; set; } = "";
}
