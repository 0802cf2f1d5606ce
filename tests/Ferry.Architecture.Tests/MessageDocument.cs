using System.Reflection;
using System.Text;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using Ferry.Contracts.Capture;

namespace Ferry.Architecture.Tests;

/// <summary>docs/messages.md, made from the contracts, their documentation comments, and the consumers in the sources.</summary>
internal static partial class MessageDocument
{
    private static readonly Assembly Contracts = typeof(CaptureMachine).Assembly;
    private static readonly string[] MessageWords = ["Command", "Event", "Published", "Answer", "Question"];
    private static readonly Dictionary<string, XElement> Comments = XDocument.Load(Path.ChangeExtension(Contracts.Location, ".xml")).Descendants("member")
        .ToDictionary(member => (string)member.Attribute("name")!);

    /// <summary>The document as it has to be.</summary>
    public static string Make()
    {
        var all = Contracts.GetExportedTypes().OrderBy(type => type.FullName, StringComparer.Ordinal).ToList();
        var messages = all.Where(IsMessage).ToList();
        var used = Closure(messages.SelectMany(DataIn)).OrderBy(type => type.Name, StringComparer.Ordinal).ToList();
        var consumers = Consumers();
        var text = new StringBuilder("""
            # Messages

            What travels on the bus. Made from the contracts (`contracts/Ferry.Contracts`) by `tests/Ferry.Architecture.Tests`; do not edit: run it with `FERRY_ACCEPT_CONTRACTS=1` after a change.

            Every message is a JSON document in MassTransit's envelope, with the type `urn:message:NAMESPACE:NAME` and names in camel case. Messages change by adding only. Each may come twice, late, or in another order:
            who takes it asks the store for what is true. Commands go to one queue, events to everybody who listens. No message carries payload or secrets.


            """);
        foreach (var group in messages.GroupBy(type => type.Namespace!))
        {
            text.Append("## ").Append(group.Key["Ferry.Contracts.".Length..]).Append("\n\n");
            foreach (var type in group)
            {
                Section(text, type);
                text.Append("Taken by: ").Append(consumers.TryGetValue(type.Name, out var takers) ? string.Join(", ", takers) : "whoever listens; nobody in Ferry").Append(".\n\n");
                Properties(text, type);
            }
        }

        text.Append("## Data in messages\n\n");
        foreach (var type in used)
        {
            Section(text, type);
            Properties(text, type);
        }

        return text.ToString().TrimEnd('\n') + "\n";
    }

    private static bool IsMessage(Type type) => !type.IsEnum && MessageWords.Any(word => Summary("T:" + type.FullName).StartsWith(word, StringComparison.Ordinal));

    private static void Section(StringBuilder text, Type type) => text.Append("### ").Append(type.Name).Append("\n\n").Append(Summary("T:" + type.FullName)).Append("\n\n");

    private static void Properties(StringBuilder text, Type type)
    {
        text.Append(type.IsEnum ? "| value | meaning |\n|---|---|\n" : "| property | type | meaning |\n|---|---|---|\n");
        if (type.IsEnum)
        {
            foreach (var name in Enum.GetNames(type))
            {
                text.Append("| `").Append(name).Append("` | ").Append(Summary($"F:{type.FullName}.{name}")).Append(" |\n");
            }
        }
        else
        {
            foreach (var property in type.GetProperties(BindingFlags.Public | BindingFlags.Instance))
            {
                var name = char.ToLowerInvariant(property.Name[0]) + property.Name[1..];
                text.Append("| `").Append(name).Append("` | ").Append(NameOf(property)).Append(" | ").Append(Summary($"P:{type.FullName}.{property.Name}")).Append(" |\n");
            }
        }

        text.Append('\n');
    }

    private static string Summary(string member) => Comments.TryGetValue(member, out var found) && found.Element("summary") is { } summary
        ? Space().Replace(string.Concat(summary.Nodes().Select(Text)), " ").Trim().Replace("|", "\\|", StringComparison.Ordinal)
        : "";

    private static string Text(XNode node) => node switch
    {
        XElement { Name.LocalName: "see" } see => $"`{((string?)see.Attribute("cref") ?? (string?)see.Attribute("langword"))?.Split('.', ':')[^1]}`",
        XElement { Name.LocalName: "c" } code => $"`{code.Value}`",
        XElement other => other.Value,
        _ => node is XText plain ? plain.Value : "",
    };

    private static string NameOf(PropertyInfo property)
    {
        var isNullable = Nullable.GetUnderlyingType(property.PropertyType) is not null || new NullabilityInfoContext().Create(property).ReadState == NullabilityState.Nullable;
        return NameOf(Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType) + (isNullable ? " or null" : "");
    }

    private static string NameOf(Type type) => type switch
    {
        { IsGenericType: true } => "list of " + NameOf(type.GetGenericArguments()[^1]),
        _ when type.Assembly == Contracts => $"[{type.Name}](#{type.Name.ToLowerInvariant()})",
        _ => type.Name switch { "Int32" or "Int64" => "integer", "Boolean" => "boolean", "String" => "string", "DateTimeOffset" => "time", "TimeSpan" => "duration", "Double" => "number", "Guid" => "UUID", var name => name },
    };

    private static IEnumerable<Type> DataIn(Type type) => type.IsEnum ? [] : type.GetProperties(BindingFlags.Public | BindingFlags.Instance)
        .SelectMany(property => property.PropertyType.IsGenericType ? property.PropertyType.GetGenericArguments() : [property.PropertyType]).Where(found => found.Assembly == Contracts);

    private static HashSet<Type> Closure(IEnumerable<Type> types)
    {
        var found = new HashSet<Type>();
        var open = new Stack<Type>(types);
        while (open.TryPop(out var type))
        {
            if (!IsMessage(type) && found.Add(type))
            {
                foreach (var inner in DataIn(type))
                {
                    open.Push(inner);
                }
            }
        }

        return found;
    }

    /// <summary>Names of the programs and libraries whose sources have a consumer or a saga's event of a message.</summary>
    private static Dictionary<string, IReadOnlyList<string>> Consumers() => Repository.ProductSources
        .SelectMany(path => Consumer().Matches(File.ReadAllText(path)).Select(match => (Message: match.Groups["name"].Value, By: Repository.Relative(path).Split('/')[1])))
        .GroupBy(found => found.Message)
        .ToDictionary(group => group.Key, group => (IReadOnlyList<string>)[.. group.Select(found => found.By == "Ferry.Hosting" ? "every service" : found.By).Distinct().Order(StringComparer.Ordinal)]);

    [GeneratedRegex(@"(?:\bIConsumer|\bEvent)<(?<name>\w+)>")]
    private static partial Regex Consumer();

    [GeneratedRegex(@"\s+")]
    private static partial Regex Space();
}
