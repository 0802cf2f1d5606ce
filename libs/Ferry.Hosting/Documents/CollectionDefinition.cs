namespace Ferry.Hosting.Documents;

/// <summary>Name and indexes of a collection. A service's collections begin with its name: <c>capture.jobs</c>.</summary>
/// <param name="Name">Name, lower case, with a dot between service and collection.</param>
/// <param name="Indexes">Indexed fields: each entry is one index over one or more fields, named as in the JSON (camel case).</param>
public sealed record CollectionDefinition(string Name, params IReadOnlyList<IReadOnlyList<string>> Indexes);
