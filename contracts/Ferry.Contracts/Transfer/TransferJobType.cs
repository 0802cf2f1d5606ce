namespace Ferry.Contracts.Transfer;

/// <summary>Direction of a transfer job.</summary>
public enum TransferJobType
{
    /// <summary>Ferry reads from a source.</summary>
    Download,

    /// <summary>A client sends chunks (docs/transfers.md, Uploads).</summary>
    Upload,
}
