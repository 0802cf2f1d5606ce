using Ferry.Fixup.Rehearsal.Screens;

namespace Ferry.Fixup.Rehearsal.Signs;

/// <summary>
/// Recognises Windows' stop screen by its colour alone: the text is drawn, nobody reads it here. Black ones (Windows 11) look like any other dark screen and are not recognised.
/// </summary>
internal static class StopScreens
{
    private const double LeastShare = 0.8;
    private const double MostShare = 0.999;
    private const int Tolerance = 5;

    private static readonly (string Name, ScreenColour Colour)[] Known =
    [
        ("Windows 10, Server 2016 and later", new ScreenColour(0, 120, 215)),
        ("Windows 8 and Server 2012", new ScreenColour(16, 113, 170)),
        ("Windows 7, Server 2008 R2 and older", new ScreenColour(0, 0, 130)),
    ];

    /// <summary>Whose stop screen a picture may be, or null.</summary>
    public static string? Recognise(ScreenPicture picture) =>
        Known.FirstOrDefault(known => picture.Share(known.Colour, Tolerance) is >= LeastShare and <= MostShare).Name;
}
