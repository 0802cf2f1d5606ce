using Ferry.Contracts.Transfer;
using Ferry.Hosting.Bus;

namespace Ferry.Transfer;

/// <summary>Queue of <see cref="CaptureUploadConsumer"/>.</summary>
public sealed class CaptureUploadDefinition : CommandConsumerDefinition<CaptureUploadConsumer, CaptureUpload>;
