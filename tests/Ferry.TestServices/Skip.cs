using Xunit;

namespace Ferry.TestServices;

/// <summary>Skips a test when something it needs is not on this machine, and says what. Where <c>FERRY_TEST_REQUIRE_ALL=1</c> stands it fails instead.</summary>
public static class Skip
{
    /// <summary>Skips when <paramref name="missing"/> says what is missing; goes on when it is null.</summary>
    public static void If(string? missing)
    {
        if (missing is null)
        {
            return;
        }

        if (Environment.GetEnvironmentVariable("FERRY_TEST_REQUIRE_ALL") == "1")
        {
            Assert.Fail($"Missing on this machine, and nothing may be skipped: {missing}");
        }

        Assert.Skip($"Missing on this machine: {missing}");
    }

    /// <summary>Skips unless every file is there.</summary>
    public static void UnlessFiles(string package, params string[] paths) => If(MissingFiles(package, paths));

    /// <summary>What is missing of some files, and the Debian package that has them; null when nothing is.</summary>
    public static string? MissingFiles(string package, params string[] paths)
    {
        string[] missing = [.. paths.Where(path => !File.Exists(path) && !Directory.Exists(path))];
        return missing.Length == 0 ? null : $"{string.Join(", ", missing)} (apt-get install {package})";
    }
}
