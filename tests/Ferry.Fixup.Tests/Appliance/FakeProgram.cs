using Ferry.Fixup.Tests.Engine;

namespace Ferry.Fixup.Tests.Appliance;

/// <summary>A shell script in the place of another program. It notes the arguments of every start.</summary>
internal sealed class FakeProgram
{
    private readonly string _calls;

    private FakeProgram(string path)
    {
        Path = path;
        _calls = path + ".calls";
    }

    public string Path { get; }

    /// <summary>The arguments of each start, one line each.</summary>
    public IReadOnlyList<string> Calls => File.Exists(_calls) ? File.ReadAllLines(_calls) : [];

    public static async Task<FakeProgram> WriteAsync(string folder, string name, string script)
    {
        var program = new FakeProgram(System.IO.Path.Combine(folder, name));
        await File.WriteAllTextAsync(program.Path + ".text", $"#!/bin/sh\necho \"$*\" >>'{program._calls}'\n{script}\n");

        // Another process writes the executable: while this one has it open for writing, a test that forks beside it makes it "busy".
        await SampleGuest.RunAsync("install", "-m", "755", program.Path + ".text", program.Path);
        return program;
    }
}
