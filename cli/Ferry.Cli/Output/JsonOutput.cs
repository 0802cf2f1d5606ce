using System.Text.Json;
using Ferry.Hosting.Documents;

namespace Ferry.Cli.Output;

/// <summary>JSON on standard output: as in documents, but indented.</summary>
internal static class JsonOutput
{
    public static readonly JsonSerializerOptions Options = new(DocumentJson.Options) { WriteIndented = true };
}
