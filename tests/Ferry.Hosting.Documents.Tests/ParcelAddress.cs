namespace Ferry.Hosting.Documents.Tests;

public sealed record ParcelAddress(string Street, int? Number, IReadOnlyList<double> Position);
