using System.Security.Cryptography;
using System.Text.Json;
using Ferry.Contracts.Conversions;
using Ferry.Contracts.Fixup;
using Ferry.Hosting.Documents;

namespace Ferry.Fixup.Rehearsal.FirstBoot;

/// <summary>The result of the first run of some manifests' first boot: every later one of the same takes it.</summary>
internal sealed class FirstBootCommit : IDocument
{
    /// <summary>The collection.</summary>
    public static readonly CollectionDefinition Collection = new("fixup.firstBoots");

    /// <summary>Digest of everything that the result depends on.</summary>
    public required string Id { get; set; }

    /// <inheritdoc/>
    public long Version { get; set; }

    /// <summary>Root ids of the new manifests.</summary>
    public required IReadOnlyList<string> Manifests { get; set; }

    /// <summary>What was seen.</summary>
    public required RehearsalReport Run { get; set; }

    /// <summary>The id for a command: the manifests, which hold what runs, and the devices it runs on.</summary>
    public static string IdOf(RunFirstBoot command)
    {
        ArgumentNullException.ThrowIfNull(command);
        var key = JsonSerializer.SerializeToUtf8Bytes(new { command.Manifests, command.Target, command.Machine.Firmware, Rules = typeof(FirstBootCommit).Assembly.GetName().Version?.ToString() });
        return Convert.ToHexStringLower(SHA256.HashData(key));
    }
}
