namespace Ferry.Contracts.Transfer;

/// <summary>Direction of a transfer job.</summary>
public enum TransferJobType
{
    /// <summary>Ferry reads from a source.</summary>
    Download,
}
