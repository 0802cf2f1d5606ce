namespace Ferry.Fixup.Rehearsal.Screens;

/// <summary>A colour.</summary>
internal readonly record struct ScreenColour(byte Red, byte Green, byte Blue);
