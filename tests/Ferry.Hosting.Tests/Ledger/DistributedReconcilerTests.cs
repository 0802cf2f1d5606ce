using Ferry.Hosting.Tests.Support;

namespace Ferry.Hosting.Tests.Ledger;

/// <summary>On RabbitMQ and MongoDB.</summary>
[Collection(DistributedServices.Collection)]
public sealed class DistributedReconcilerTests(DistributedServices services) : ReconcilerTests(new Transport(services));
