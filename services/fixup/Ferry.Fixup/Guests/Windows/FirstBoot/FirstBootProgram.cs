namespace Ferry.Fixup.Guests.Windows.FirstBoot;

/// <summary>The service that runs scripts at a Windows guest's first start (<c>services/fixup/first-boot</c>), as far as this build has it.</summary>
internal static class FirstBootProgram
{
    /// <summary>The program for an architecture as the inspection names it, or null.</summary>
    public static byte[]? For(string architecture)
    {
        using var stream = typeof(FirstBootProgram).Assembly.GetManifestResourceStream($"first-boot-{architecture}.exe");
        if (stream is null)
        {
            return null;
        }

        var program = new byte[stream.Length];
        stream.ReadExactly(program);
        return program;
    }
}
