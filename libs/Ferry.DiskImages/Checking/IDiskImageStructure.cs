using Ferry.DiskImages.Sources;

namespace Ferry.DiskImages.Checking;

/// <summary>A reader that can say which parts of its files its image uses, so that <see cref="ImageChecker"/> finds what lies outside, twice or unused.</summary>
internal interface IDiskImageStructure
{
    /// <summary>The image's own files; none of its parents.</summary>
    IReadOnlyList<IByteSource> OwnFiles { get; }

    /// <summary>Unused parts of a file at least this long are leaked; shorter ones are padding. 0: the format has room that nobody uses yet, nothing is leaked.</summary>
    long LeakUnit { get; }

    /// <summary>
    /// Every part of the files that a structure or a block takes, each once, as the tables say it: nothing has been compared with the files' ends. Neighbouring blocks may come as
    /// one part. May be called several times.
    /// </summary>
    /// <exception cref="DiskImageException">A table cannot be read, or says what is impossible.</exception>
    IAsyncEnumerable<UsedRange> GetUsedRangesAsync(CancellationToken cancellationToken);

    /// <summary>Checks what only this format has.</summary>
    /// <param name="report">Takes what is wrong.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <exception cref="DiskImageException">A table cannot be read, or says what is impossible.</exception>
    ValueTask CheckAsync(Action<ImageCheckError> report, CancellationToken cancellationToken) => ValueTask.CompletedTask;
}
