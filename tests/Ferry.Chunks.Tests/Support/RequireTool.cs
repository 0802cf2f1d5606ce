namespace Ferry.Chunks.Tests.Support;

/// <summary>Skips a test, visibly, where a program is not installed.</summary>
internal static class RequireTool
{
    public static void Named(string name) => Assert.SkipUnless(
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Any(folder => File.Exists(Path.Combine(folder, name))), $"{name} is not installed.");
}
