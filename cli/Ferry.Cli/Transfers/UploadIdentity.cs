using System.Security.Cryptography;
using System.Text.Json;
using Ferry.DiskImages.Sources;

namespace Ferry.Cli.Transfers;

/// <summary>The id of an upload follows from what is uploaded and how, so that the same command on the same, unchanged image goes on with the same job.</summary>
internal static class UploadIdentity
{
    /// <summary>The id.</summary>
    /// <param name="image">Full path or URL.</param>
    /// <param name="pins">What identifies the content of its files.</param>
    /// <param name="settings">What else makes it another job.</param>
    /// <param name="generation">Counts the jobs of the same upload that are over.</param>
    public static Guid Of(string image, IReadOnlyList<SourcePin> pins, IReadOnlyList<string?> settings, int generation)
    {
        var text = JsonSerializer.SerializeToUtf8Bytes(new { machine = Environment.MachineName, image, pins, settings, generation });
        var bytes = SHA256.HashData(text)[..16];
        bytes[6] = (byte)((bytes[6] & 0x0f) | 0x80);
        bytes[8] = (byte)((bytes[8] & 0x3f) | 0x80);
        return new Guid(bytes, bigEndian: true);
    }
}
