namespace Ferry.DiskImages.Writing;

/// <summary>What a format says of an image before a delta: read from parts of the file that a delta never changes.</summary>
/// <param name="Digest">The delta's <see cref="PlanDigest"/>.</param>
/// <param name="RecordOffset">
/// Where the <see cref="ImageRecord"/> of what the image holds stands; that of a delta that has begun follows it. The two lie within one sector of 512 bytes, of which nothing
/// else ever changes.
/// </param>
/// <param name="Signatures">All signatures of the file; the first tells whether the image is complete: it is the last to come back.</param>
internal sealed record DeltaIdentity(string Digest, long RecordOffset, IReadOnlyList<SignaturePlace> Signatures);
