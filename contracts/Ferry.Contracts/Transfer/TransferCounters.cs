namespace Ferry.Contracts.Transfer;

/// <summary>What a transfer job has to do and has done.</summary>
public sealed record TransferCounters
{
    /// <summary>Bytes to deal with; grows as files are opened, as their length is not known before.</summary>
    public long BytesTotal { get; init; }

    /// <summary>Bytes dealt with: moved, zero, or there already. Proven, so that no crash takes them back.</summary>
    public long BytesDone { get; init; }

    /// <summary>Bytes that were received.</summary>
    public long BytesMoved { get; init; }

    /// <summary>Bytes that the store had already.</summary>
    public long BytesDeduplicated { get; init; }

    /// <summary>Bytes that were received more than once, because a worker died before it had proven them.</summary>
    public long BytesResent { get; init; }

    /// <summary>Files to move.</summary>
    public int FilesTotal { get; init; }

    /// <summary>Files that are complete.</summary>
    public int FilesDone { get; init; }
}
