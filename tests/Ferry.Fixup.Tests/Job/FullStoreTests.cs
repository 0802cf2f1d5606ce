using Ferry.Chunks.Store;

namespace Ferry.Fixup.Tests.Job;

public sealed class FullStoreTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void From_StoreFull_WaitsForSpace(bool behindTheAppliance)
    {
        var full = new ChunkStoreException(ChunkStoreErrors.Full, "The chunk store has its quota.", "/chunks");

        var failed = behindTheAppliance ? FixupFailures.From(new InvalidOperationException(), full) : FixupFailures.From(full, behind: null);

        Assert.Equal(("space", ChunkStoreErrors.Full, "/chunks"), (failed.WaitReason, failed.Failure.Code, failed.Failure.Where));
    }

    [Theory]
    [InlineData(ChunkStoreErrors.InputOutput)]
    [InlineData(ChunkStoreErrors.Corrupt)]
    public void From_OtherErrorsOfTheStore_AreFailures(string code) =>
        Assert.Null(FixupFailures.From(new ChunkStoreException(code, "broken"), behind: null).WaitReason);
}
