namespace Ferry.Transfer.Tests;

/// <summary>Ways in which a server misbehaves.</summary>
public enum Misbehaviour
{
    Unavailable,
    WrongRange,
    IgnoresRange,
    BreaksOff,
    Silent,
    ElsewhereRedirect,
}
