namespace Ferry.Transfer.Uploads;

/// <summary>What came for one file since the last time it was written down.</summary>
/// <param name="StoredBytes">Came and were stored.</param>
/// <param name="ResentBytes">Came although the store had them already.</param>
internal readonly record struct UploadTally(long StoredBytes, long ResentBytes)
{
    public static UploadTally operator +(UploadTally left, UploadTally right) => new(left.StoredBytes + right.StoredBytes, left.ResentBytes + right.ResentBytes);
}
