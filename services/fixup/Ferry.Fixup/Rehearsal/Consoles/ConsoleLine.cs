namespace Ferry.Fixup.Rehearsal.Consoles;

/// <summary>A line of a starting machine. The guest wrote it: nobody trusts it.</summary>
/// <param name="Source">Where it was read.</param>
/// <param name="Text">Printable characters only, at most <see cref="ConsoleLog.LongestLine"/>.</param>
internal sealed record ConsoleLine(ConsoleSource Source, string Text);
