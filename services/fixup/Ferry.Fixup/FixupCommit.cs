using System.Security.Cryptography;
using System.Text.Json;
using Ferry.Contracts;
using Ferry.Contracts.Conversions;
using Ferry.Contracts.Fixup;
using Ferry.Fixup.Planning;
using Ferry.Hosting.Documents;

namespace Ferry.Fixup;

/// <summary>The result of the first fix-up of some manifests for some target: every later one of the same takes it, as mounting alone changes bytes.</summary>
public sealed class FixupCommit : IDocument
{
    /// <summary>The collection.</summary>
    public static readonly CollectionDefinition Collection = new("fixup.commits");

    /// <summary>Digest of everything that the result depends on.</summary>
    public required string Id { get; set; }

    /// <inheritdoc/>
    public long Version { get; set; }

    /// <summary>Root ids of the new manifests.</summary>
    public required IReadOnlyList<string> Manifests { get; set; }

    /// <summary>The guest and what was changed.</summary>
    public required GuestReport Guest { get; set; }

    /// <summary>Findings.</summary>
    public required IReadOnlyList<Finding> Findings { get; set; }

    /// <summary>The id for a command: manifests, target, what rules look at of the machine, scripts and offers, and the program's version, as newer rules may do more.</summary>
    /// <param name="command">The command.</param>
    /// <param name="scripts">The scripts that it names.</param>
    /// <param name="offers">Fingerprint of what the worker offers to guests.</param>
    public static string IdOf(FixUpGuest command, IReadOnlyList<FirstBootScript> scripts, string offers)
    {
        ArgumentNullException.ThrowIfNull(command);
        ArgumentNullException.ThrowIfNull(scripts);
        var key = JsonSerializer.SerializeToUtf8Bytes(new
        {
            command.Manifests,
            command.Target,
            command.Generation,
            command.Machine.Firmware,
            Adapters = command.Machine.Nics.Select(n => n.MacAddress),
            Scripts = scripts.Select(script => new { script.Name, Digest = Convert.ToHexStringLower(SHA256.HashData(script.Content.Span)) }),
            Offers = offers,
            Rules = typeof(FixupCommit).Assembly.GetName().Version?.ToString(),
        });
        return Convert.ToHexStringLower(SHA256.HashData(key));
    }
}
