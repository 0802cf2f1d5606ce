using System.Text.RegularExpressions;

namespace Ferry.Architecture.Tests;

/// <summary>Rules on source files that no compiler keeps.</summary>
public sealed partial class SourceTests
{
    private const int MostLines = 300;

    [Fact]
    public void File_IsNotLongerThan300Lines()
    {
        var long_ = Repository.AllSources
            .Select(path => (Path: Repository.Relative(path), Lines: File.ReadLines(path).Count()))
            .Where(file => file.Lines > MostLines)
            .Select(file => $"{file.Path} has {file.Lines} lines");
        Assert.Empty(long_);
    }

    [Fact]
    public void NoFolderOrProject_IsADumpingGround()
    {
        var names = Repository.AllSources.SelectMany(path => Repository.Relative(path).Split('/')[..^1]).Distinct();
        Assert.DoesNotContain(names, name => DumpingGround().IsMatch(name));
    }

    /// <summary>Inside a service, bus types stand in consumers, definitions, the saga and the registration; the class that does the work is bus-free.</summary>
    [Fact]
    public void BusTypes_StandInConsumersDefinitionsAndRegistrationOnly()
    {
        var users = Repository.ProductSources
            .Where(path => Repository.Relative(path).StartsWith("services/", StringComparison.Ordinal))
            .Where(path => UsesBus().IsMatch(File.ReadAllText(path)))
            .Select(path => Path.GetFileName(path))
            .Where(file => !BusFile().IsMatch(file));
        Assert.Empty(users);
    }

    [Fact]
    public void NothingNeedsABrokerSideDelay()
    {
        var users = Repository.ProductSources.Where(path => BrokerDelay().IsMatch(File.ReadAllText(path))).Select(Repository.Relative);
        Assert.Empty(users);
    }

    [Fact]
    public void EveryBus_HasUsageTelemetryOff()
    {
        var makers = Repository.ProductSources.Where(path => File.ReadAllText(path).Contains(".AddMassTransit(", StringComparison.Ordinal)).ToList();
        Assert.NotEmpty(makers);
        Assert.All(makers, path => Assert.Contains("DisableUsageTelemetry", File.ReadAllText(path), StringComparison.Ordinal));
    }

    [GeneratedRegex(@"^(?:[A-Za-z.]*\.)?(?:Common|Shared|Core|Utils|Utilities|Helpers)$", RegexOptions.IgnoreCase)]
    private static partial Regex DumpingGround();

    [GeneratedRegex(@"^using MassTransit", RegexOptions.Multiline)]
    private static partial Regex UsesBus();

    [GeneratedRegex(@"(?:Consumer|Definition|StateMachine|State|Behaviors|Extensions|Program)\.cs$")]
    private static partial Regex BusFile();

    [GeneratedRegex(@"UseDelayedRedelivery|AddDelayedMessageScheduler|UseDelayedMessageScheduler|context\.Delay\s*=")]
    private static partial Regex BrokerDelay();
}
