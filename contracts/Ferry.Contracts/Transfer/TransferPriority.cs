namespace Ferry.Contracts.Transfer;

/// <summary>Priority of a transfer job. A higher one takes bandwidth and slots from lower ones; jobs of the same one share.</summary>
public enum TransferPriority
{
    /// <summary>Somebody waits for it.</summary>
    Foreground,

    /// <summary>Before the usual.</summary>
    High,

    /// <summary>The usual.</summary>
    Normal,

    /// <summary>Uses what the others leave.</summary>
    Low,
}
