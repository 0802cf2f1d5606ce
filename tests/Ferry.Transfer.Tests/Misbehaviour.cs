namespace Ferry.Transfer.Tests;

/// <summary>Ways in which a server misbehaves.</summary>
public enum Misbehaviour
{
    Unavailable,
    UnavailableForASecond,
    Resets,
    Corrupts,
    WrongRange,
    IgnoresRange,
    BreaksOff,
    Silent,
    ElsewhereRedirect,
}
