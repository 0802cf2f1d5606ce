using Ferry.Hosting.Tests.Support;

namespace Ferry.Hosting.Tests.Telemetry;

/// <summary>On RabbitMQ and MongoDB.</summary>
[Collection(DistributedServices.Collection)]
public sealed class DistributedTraceTests(DistributedServices services) : TraceTests(new Transport(services));
