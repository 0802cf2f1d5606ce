namespace Ferry.Fixup.Rehearsal.Consoles;

/// <summary>Where a line of a starting machine was read.</summary>
internal enum ConsoleSource
{
    /// <summary>The firmware's own log (SeaBIOS).</summary>
    Firmware,

    /// <summary>The first serial port.</summary>
    Serial,

    /// <summary>The screen in text mode, read from the adapter's memory.</summary>
    Screen,

    /// <summary>The text of a console that is drawn, found in the machine's memory.</summary>
    Memory,
}
