using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using Ferry.DiskImages.Sources;

namespace Ferry.Capture.Sources.Ovf;

/// <summary>The .mf file of an OVF package: lines <c>SHA256(disk1.vmdk)= 0123...</c>.</summary>
public sealed partial class OvfDigests
{
    /// <summary>The largest .mf that is read, in bytes.</summary>
    public const int MaximumBytes = 1 << 20;

    private const int BufferBytes = 1 << 20;
    private readonly Dictionary<string, OvfDigest> _digests;

    private OvfDigests(Dictionary<string, OvfDigest> digests) => _digests = digests;

    /// <summary>The digest of a file, or null when the .mf has none.</summary>
    public OvfDigest? this[string file] => _digests.GetValueOrDefault(file);

    /// <summary>Names of all files that have a digest.</summary>
    public IReadOnlyCollection<string> Files => _digests.Keys;

    /// <summary>Parses an .mf file.</summary>
    /// <exception cref="SourceException"><see cref="SourceErrors.OvfManifestInvalid"/>.</exception>
    public static OvfDigests Parse(ReadOnlySpan<byte> bytes, string file)
    {
        if (bytes.Length > MaximumBytes)
        {
            throw Invalid(file, 0, "The .mf file is larger than 1 MiB.");
        }

        var digests = new Dictionary<string, OvfDigest>(StringComparer.Ordinal);
        var number = 0;
        foreach (var line in Encoding.UTF8.GetString(bytes).AsSpan().EnumerateLines())
        {
            number++;
            var text = line.Trim().TrimStart('\uFEFF');
            if (text.IsEmpty)
            {
                continue;
            }

            var match = Line().Match(text.ToString());
            var algorithm = match.Groups["algorithm"].Value.Replace("-", "", StringComparison.Ordinal).ToUpperInvariant();
            var hex = match.Groups["digest"].Value.ToUpperInvariant();
            if (!match.Success || hex.Length != Digits(algorithm) || !digests.TryAdd(match.Groups["file"].Value, new OvfDigest(algorithm, hex)))
            {
                throw Invalid(file, number, "The line is not ALGORITHM(file)= digest with SHA1, SHA256 or SHA512, or names a file twice.");
            }
        }

        return new OvfDigests(digests);
    }

    /// <summary>Compares bytes in memory with the digest of a file; does nothing when there is none.</summary>
    /// <exception cref="SourceException"><see cref="SourceErrors.OvfDigestMismatch"/>.</exception>
    public void Verify(string file, ReadOnlySpan<byte> bytes)
    {
        if (this[file] is { } digest)
        {
            using var hash = IncrementalHash.CreateHash(Name(digest.Algorithm));
            hash.AppendData(bytes);
            Compare(file, digest, hash);
        }
    }

    /// <summary>Reads a whole file and compares it with its digest; does nothing when there is none.</summary>
    /// <param name="source">The file.</param>
    /// <param name="file">Its name in the .mf.</param>
    /// <param name="progress">Is told the bytes that were read.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    /// <exception cref="SourceException"><see cref="SourceErrors.OvfDigestMismatch"/>.</exception>
    public async Task VerifyAsync(IByteSource source, string file, Action<long>? progress, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(source);
        if (this[file] is not { } digest)
        {
            return;
        }

        using var hash = IncrementalHash.CreateHash(Name(digest.Algorithm));
        var buffer = new byte[BufferBytes];
        for (var offset = 0L; offset < source.Length;)
        {
            var part = buffer.AsMemory(0, (int)Math.Min(buffer.Length, source.Length - offset));
            await source.ReadAsync(offset, part, cancellationToken);
            hash.AppendData(part.Span);
            offset += part.Length;
            progress?.Invoke(offset);
        }

        await source.VerifyUnchangedAsync(cancellationToken);
        Compare(file, digest, hash);
    }

    private static void Compare(string file, OvfDigest digest, IncrementalHash hash)
    {
        var found = Convert.ToHexString(hash.GetHashAndReset());
        if (found != digest.Hex)
        {
            throw SourceException.Of(
                SourceErrors.OvfDigestMismatch,
                $"The file's {digest.Algorithm} is {found}, the package's .mf file says {digest.Hex}: the file was changed or damaged after the export.",
                SourceText.Quote(file),
                "Copy or export the package again. If the change was intended, write the new digest into the .mf file or remove that file.");
        }
    }

    private static HashAlgorithmName Name(string algorithm) => algorithm switch
    {
        "SHA1" => HashAlgorithmName.SHA1,
        "SHA256" => HashAlgorithmName.SHA256,
        _ => HashAlgorithmName.SHA512,
    };

    private static int Digits(string algorithm) => algorithm switch { "SHA1" => 40, "SHA256" => 64, _ => 128 };

    private static SourceException Invalid(string file, int line, string message) => SourceException.Of(
        SourceErrors.OvfManifestInvalid,
        message,
        string.Create(CultureInfo.InvariantCulture, $"{file}, line {line}"),
        "Export the package again, or remove the .mf file if its digests are not needed.");

    [GeneratedRegex(
        @"\A(?<algorithm>SHA-?(?:1|256|512))\s?\((?<file>[^\x00-\x1f]{1,255})\)\s?=\s*(?<digest>[0-9a-fA-F]{40,128})\s*\z",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Line();
}
