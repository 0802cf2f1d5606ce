using Ferry.Hosting.Tests.Support;

namespace Ferry.Hosting.Tests.Sagas;

/// <summary>On RabbitMQ and MongoDB.</summary>
[Collection(DistributedServices.Collection)]
public sealed class DistributedDocumentSagaTests(DistributedServices services) : DocumentSagaTests(new Transport(services));
