namespace Ferry.Hosting.Tests.Support;

[CollectionDefinition(DistributedServices.Collection)]
public sealed class DistributedCollection : ICollectionFixture<DistributedServices>;
