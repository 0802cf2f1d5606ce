using System.Reflection;
using Ferry.Contracts.Capture;

namespace Ferry.Architecture.Tests;

/// <summary>The contracts are what is on the wire: their names and properties change by adding only.</summary>
public sealed class ContractTests
{
    private static readonly string Snapshot = Path.Combine(Repository.Root, "tests", "Ferry.Architecture.Tests", "contracts.txt");

    private static IEnumerable<Type> Contracts => typeof(CaptureMachine).Assembly.GetExportedTypes().Where(type => !type.IsEnum).OrderBy(type => type.FullName, StringComparer.Ordinal);

    /// <summary>To accept a change that only adds, run with FERRY_ACCEPT_CONTRACTS=1 and commit the file.</summary>
    [Fact]
    public void Contracts_AreThoseOfTheSnapshot()
    {
        var now = string.Join('\n', Contracts.Select(Describe)) + '\n';
        if (Environment.GetEnvironmentVariable("FERRY_ACCEPT_CONTRACTS") == "1")
        {
            File.WriteAllText(Snapshot, now);
        }

        Assert.Equal(File.ReadAllText(Snapshot), now);
    }

    [Fact]
    public void MessageDocument_IsThatOfTheContracts()
    {
        var path = Path.Combine(Repository.Root, "docs", "messages.md");
        var now = MessageDocument.Make();
        if (Environment.GetEnvironmentVariable("FERRY_ACCEPT_CONTRACTS") == "1")
        {
            File.WriteAllText(path, now);
        }

        Assert.Equal(File.ReadAllText(path), now);
    }

    [Fact]
    public void Contract_IsASealedRecordWithInitOnlyProperties()
    {
        foreach (var type in Contracts)
        {
            Assert.True(type.IsSealed, $"{type} is not sealed");
            Assert.NotNull(type.GetMethod("<Clone>$"));
            Assert.All(Properties(type).Where(x => x.SetMethod is not null), property => Assert.Contains(
                typeof(System.Runtime.CompilerServices.IsExternalInit), property.SetMethod!.ReturnParameter.GetRequiredCustomModifiers()));
        }
    }

    [Fact]
    public void Contract_CarriesNoPayloadAndNoCredential()
    {
        foreach (var property in Contracts.SelectMany(Properties))
        {
            Assert.NotEqual(typeof(byte[]), property.PropertyType);
            Assert.NotEqual(typeof(object), property.PropertyType);
            Assert.DoesNotContain("password", property.Name, StringComparison.OrdinalIgnoreCase);
            Assert.DoesNotContain("secret", property.Name, StringComparison.OrdinalIgnoreCase);
        }
    }

    private static IEnumerable<PropertyInfo> Properties(Type type) => type.GetProperties(BindingFlags.Public | BindingFlags.Instance);

    private static string Describe(Type type) =>
        $"urn:message:{type.Namespace}:{type.Name} {{ {string.Join(", ", Properties(type).OrderBy(x => x.Name, StringComparer.Ordinal).Select(x => $"{x.Name}: {NameOf(x.PropertyType)}"))} }}";

    private static string NameOf(Type type) => type.IsGenericType
        ? $"{type.Name.Split('`')[0]}<{string.Join(", ", type.GetGenericArguments().Select(NameOf))}>"
        : type.Name;
}
