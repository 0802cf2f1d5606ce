using System.Globalization;

namespace Ferry.Conversion.Output;

/// <summary>The checks of an output folder that are made before the first byte is read.</summary>
public static class OutputFolder
{
    /// <summary>Refuses what cannot be a folder.</summary>
    /// <exception cref="Hosting.Jobs.JobFailedException">The path is not absolute, or a file stands in its place.</exception>
    public static void Check(string output)
    {
        if (!Path.IsPathFullyQualified(output) || Path.GetFullPath(output).TrimEnd('/') != output.TrimEnd('/'))
        {
            throw NotWritable(output, "The output folder is not an absolute path.", null);
        }

        if (File.Exists(output))
        {
            throw NotWritable(output, "The output folder is a file.", null);
        }
    }

    /// <summary>Refuses to go on where a file of one of the names exists: nothing of anybody is ever overwritten.</summary>
    public static void RefuseExisting(string output, params IEnumerable<string> names)
    {
        foreach (var name in names)
        {
            if (Path.Exists(Path.Combine(output, name)))
            {
                throw ConversionFailures.Create(
                    ConversionErrors.OutputExists, $"The output folder already holds '{name}'.", Path.Combine(output, name),
                    "Choose another output folder, or move the file away.");
            }
        }
    }

    /// <summary>Makes the staging folder (it is in the ledger already) and writes a probe into it.</summary>
    public static void MakeStaging(string output, Guid conversionId)
    {
        var staging = StagingFolder.PathOf(output, conversionId);
        var probe = Path.Combine(staging, string.Create(CultureInfo.InvariantCulture, $".probe-{Environment.ProcessId}-{Environment.CurrentManagedThreadId}"));
        try
        {
            Directory.CreateDirectory(staging);
            StagingFolder.Check(staging, conversionId);
            File.WriteAllBytes(probe, [0]);
            File.Delete(probe);
            FolderSync.Sync(Path.GetDirectoryName(staging)!);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw NotWritable(output, "The output folder cannot be made or written.", exception);
        }
    }

    /// <summary>Checks that the estimated image has room.</summary>
    /// <param name="output">The folder, which exists.</param>
    /// <param name="bytes">Estimated size of the image.</param>
    /// <param name="present">Bytes that an earlier run has already written of it.</param>
    /// <param name="reserve">Bytes that have to stay free.</param>
    public static void RequireSpace(string output, long bytes, long present, long reserve)
    {
        var free = new DriveInfo(output).AvailableFreeSpace;
        var needed = Math.Max(bytes - present, 0) + reserve;
        if (free < needed)
        {
            throw ConversionFailures.Create(
                ConversionErrors.OutputNoSpace,
                string.Create(CultureInfo.InvariantCulture, $"The image needs up to {needed >> 20} MiB more; {free >> 20} MiB are free."),
                output,
                "Make room, or choose an output folder on another disk.");
        }
    }

    private static Hosting.Jobs.JobFailedException NotWritable(string output, string message, Exception? cause) => ConversionFailures.Create(
        ConversionErrors.OutputNotWritable,
        cause is null ? message : $"{message} {cause.Message}",
        output,
        "Name a folder that this machine can write, with its absolute path.",
        retryable: false,
        cause);
}
