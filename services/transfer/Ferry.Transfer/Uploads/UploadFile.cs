using System.Globalization;
using Ferry.Chunks.Manifests;
using Ferry.Transfer.Jobs;

namespace Ferry.Transfer.Uploads;

/// <summary>A file of an upload, and its layout in chunks and pages.</summary>
internal sealed record UploadFile(TransferJobDocument Job, int Index)
{
    private TransferFile Document => Job.Files[Index];

    public long Size => Document.Size!.Value;

    public int ChunkSize => Document.Upload!.ChunkSize;

    public int LogicalSectorSize => Document.Upload!.LogicalSectorSize;

    public bool Done => Document.Done;

    public long Chunks => (Size + ChunkSize - 1) / ChunkSize;

    public int Pages => (int)((Chunks + ManifestHeader.EntriesPerPage - 1) / ManifestHeader.EntriesPerPage);

    public int LengthOf(long chunk) => (int)Math.Min(ChunkSize, Size - (chunk * ChunkSize));

    public int EntriesOf(int page) => (int)Math.Min(ManifestHeader.EntriesPerPage, Chunks - ((long)page * ManifestHeader.EntriesPerPage));

    /// <summary>Checks that the file has a page.</summary>
    /// <exception cref="UploadRefusedException">The file has no such page.</exception>
    public int CheckPage(int page) => page >= 0 && page < Pages
        ? page
        : throw new UploadRefusedException(
            StatusCodes.Status404NotFound, TransferErrors.UploadPageUnknown, string.Create(CultureInfo.InvariantCulture, $"The file has {Pages} pages, from 0; there is no page {page}."));
}
