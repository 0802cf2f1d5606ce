namespace Ferry.Fixup.Rehearsal.Consoles;

/// <summary>Where in a terminal's escape sequences (ECMA-48) a stream stands.</summary>
internal enum TerminalState
{
    /// <summary>Plain text.</summary>
    Text,

    /// <summary>After ESC.</summary>
    Escape,

    /// <summary>Within a control sequence, up to its final byte.</summary>
    Control,

    /// <summary>Within a string, such as a window's title.</summary>
    String,

    /// <summary>One more character belongs to the sequence.</summary>
    OneMore,
}
