using Ferry.Contracts.Conversion;
using Ferry.Hosting.Bus;

namespace Ferry.Conversion.Reports;

/// <summary>Queue of <see cref="WriteReportConsumer"/>.</summary>
public sealed class WriteReportDefinition : CommandConsumerDefinition<WriteReportConsumer, WriteReport>;
