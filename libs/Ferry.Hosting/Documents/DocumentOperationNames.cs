namespace Ferry.Hosting.Documents;

/// <summary>What a database calls the store's operations, for spans.</summary>
internal sealed record DocumentOperationNames(
    string System, string Get, string Insert, string Replace, string Delete, string Query, string Count, string UpdateFirst, string DeleteMany);
