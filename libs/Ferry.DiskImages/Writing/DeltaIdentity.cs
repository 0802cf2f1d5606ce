namespace Ferry.DiskImages.Writing;

/// <summary>What a format says of an image before a delta: read from parts of the file that a delta never changes.</summary>
/// <param name="Digest">The delta's <see cref="PlanDigest"/>.</param>
/// <param name="RecordOffset">Where the image's <see cref="ImageRecord"/> stands, within one sector of 512 bytes that holds nothing else.</param>
/// <param name="Signatures">All signatures of the file; the first tells whether the image is complete: it is the last to come back.</param>
internal sealed record DeltaIdentity(string Digest, long RecordOffset, IReadOnlyList<SignaturePlace> Signatures);
