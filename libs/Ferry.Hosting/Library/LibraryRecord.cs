using System.Text.Json;
using System.Text.Json.Serialization;

namespace Ferry.Hosting.Library;

/// <summary>The file <c>ferry-library.json</c> in a machine's folder: what it is and what its files were when it became complete (docs/formats/library.md).</summary>
public sealed record LibraryRecord
{
    /// <summary>Name of the file.</summary>
    public const string FileName = "ferry-library.json";

    /// <summary>The version that is written and read.</summary>
    public const int CurrentVersion = 1;

    /// <summary>Kind of a machine as it was at its source.</summary>
    public const string SourceKind = "source";

    /// <summary>Kind of a machine that a conversion has made.</summary>
    public const string ConvertedKind = "converted";

    private const long LongestFile = 16 << 20;

    private static readonly JsonSerializerOptions json = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true,
    };

    /// <summary>Version of the format.</summary>
    public int FormatVersion { get; init; } = CurrentVersion;

    /// <summary>Name of the machine when it was written; the folder's name counts.</summary>
    public required string Name { get; init; }

    /// <summary>Id of the transfer job, or of the conversion.</summary>
    public required Guid Id { get; init; }

    /// <summary><see cref="SourceKind"/> or <see cref="ConvertedKind"/>.</summary>
    public required string Kind { get; init; }

    /// <summary>Where it comes from: a path, or a URL without user, password and query.</summary>
    public required string Source { get; init; }

    /// <summary>The file that a conversion begins with, or null.</summary>
    public string? Descriptor { get; init; }

    /// <summary>Format of a bare disk image that does not tell it itself, or null.</summary>
    public string? Format { get; init; }

    /// <summary>When it became complete, UTC.</summary>
    public required DateTimeOffset AddedAt { get; init; }

    /// <summary>Every file but this one.</summary>
    public required IReadOnlyList<LibraryRecordFile> Files { get; init; }

    /// <summary>The bytes of the file.</summary>
    public byte[] ToBytes() => JsonSerializer.SerializeToUtf8Bytes(this, json);

    /// <summary>Reads the record of a folder; null when there is none.</summary>
    /// <exception cref="InvalidDataException">It is there and is not one, or is of a later version, or names a file elsewhere.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static LibraryRecord? TryRead(string folder)
    {
        var file = new FileInfo(Path.Combine(folder, FileName));
        if (!file.Exists)
        {
            return null;
        }

        try
        {
            using var stream = file.Length <= LongestFile ? file.OpenRead() : throw new InvalidDataException("is too large");
            var record = JsonSerializer.Deserialize<LibraryRecord>(stream, json) ?? throw new InvalidDataException("is empty");
            return record.FormatVersion != CurrentVersion ? throw new InvalidDataException($"has the version {record.FormatVersion}, and {CurrentVersion} is understood")
                : record.Files.Append(new LibraryRecordFile { Name = record.Descriptor ?? FileName, Size = 0, Sha256 = "" }).All(entry => IsPlain(entry.Name)) ? record
                : throw new InvalidDataException("names a file that is not beside it");
        }
        catch (JsonException exception)
        {
            throw new InvalidDataException("is damaged", exception);
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            return null; // The machine was removed at this moment.
        }
    }

    private static bool IsPlain(string name) => name.Length > 0 && name is not ("." or "..") && name.AsSpan().IndexOfAny("/\\\0") < 0;
}
