using Ferry.Contracts.Capture;
using Ferry.Contracts.Cleanup;
using Ferry.Contracts.Conversion;
using Ferry.Contracts.DeadLetters;
using Ferry.Contracts.Jobs;
using Ferry.Orchestrator.DeadLetters;
using Ferry.Orchestrator.Tests.Support;
using static Ferry.Orchestrator.Tests.Support.OrchestratorHost;

namespace Ferry.Orchestrator.Tests;

/// <summary>A message that cannot be consumed fails its step with the reason, is kept, and can be retried.</summary>
public sealed class DeadLetterTests : IAsyncLifetime
{
    private OrchestratorHost ferry = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    /// <inheritdoc/>
    public async ValueTask InitializeAsync() => ferry = await StartAsync();

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => ferry.DisposeAsync();

    [Fact]
    public async Task AnswerThatTheSagaCannotTake_FailsTheStep_IsKept_AndItsRetryTakesTheConversionUpAgain()
    {
        var capture = await ferry.SubmitAsync(fixup: false);
        await ferry.CaptureAsync(capture, false);
        var convert = await ferry.Sent.NextAsync<ConvertDisk>();
        var answer = Converted(convert);
        await ferry.AnswerAsync(answer with { Report = answer.Report with { Disk = 99 } });

        await ferry.AnswerAsync(CleanedUp(await ferry.Sent.NextAsync<CleanUpConversion>()));
        var failed = await ferry.InStateAsync(capture.ConversionId, "Failed");
        Assert.Equal("MESSAGE_POISONED", failed.Failure!.Code);
        Assert.Contains("DiskConverted", failed.Failure.Message, StringComparison.Ordinal);
        Assert.Equal("queue orchestrator-conversion", failed.Failure.Where);
        Assert.Equal("MESSAGE_POISONED", failed.Steps.Single(step => step.Step == "convert").Failure!.Code);

        var letter = await KeptAsync();
        Assert.Equal((capture.ConversionId, "DiskConverted", 1), (letter.ConversionId, letter.Type, letter.Failures));
        Assert.Null(letter.Body);
        Assert.Contains("\"disk\": 99", (await ferry.DeadLetters.GetAsync(letter.Id, Stop))!.Body, StringComparison.Ordinal);

        Assert.Equal("conversion-retried", (await ferry.DeadLetters.RetryAsync(letter.Id, Stop))!.Outcome);
        Assert.Equal(2, (await ferry.Sent.NextAsync<ConvertDisk>()).Attempt);
        Assert.Empty((await ferry.DeadLetters.ListAsync(0, 10, Stop)).DeadLetters);
    }

    [Theory]
    [InlineData("capture")]
    [InlineData("preflight")]
    public async Task CommandThatAServiceCannotTake_FailsItsStep(string step)
    {
        var capture = await ferry.SubmitAsync();
        object command = capture;
        if (step == "preflight")
        {
            await ferry.AnswerAsync(Captured(capture, remote: false));
            command = await ferry.Sent.NextAsync<CheckTarget>();
        }

        await ferry.InStateAsync(capture.ConversionId, step == "capture" ? "Capturing" : "Checking");
        await ferry.AnswerAsync(Poisoned(capture.ConversionId, command.GetType()) with { Attempt = 7 });
        await ferry.AnswerAsync(Poisoned(capture.ConversionId, command.GetType()));
        await ferry.AnswerAsync(CleanedUp(await ferry.Sent.NextAsync<CleanUpConversion>()));
        Assert.Equal(step, (await ferry.InStateAsync(capture.ConversionId, "Failed")).Steps.Single(one => one.Outcome == "failed").Step);
    }

    [Fact]
    public async Task CleanUpThatCannotBeDone_EndsTheConversion_WithResidue()
    {
        var capture = await ferry.SubmitAsync();
        await ferry.InStateAsync(capture.ConversionId, "Capturing");
        await ferry.Conversions.CancelAsync(capture.ConversionId, Stop);
        await ferry.Sent.NextAsync<CleanUpConversion>();
        await ferry.AnswerAsync(Poisoned(capture.ConversionId, typeof(CleanUpConversion)));
        var view = await ferry.InStateAsync(capture.ConversionId, "Cancelled");
        Assert.Contains("CleanUpConversion", Assert.Single(view.Residue), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Letter_IsSentToItsQueueAgain_WhileItsStepWaits_AndRefusedWhenItHasGoneOn()
    {
        var capture = await ferry.SubmitAsync();
        await ferry.InStateAsync(capture.ConversionId, "Capturing");

        // As a service keeps it that cannot tell the saga: only the box hears of it.
        var body = System.Text.Json.JsonSerializer.Serialize(capture, Ferry.Hosting.Documents.DocumentJson.Options);
        var poisoned = Poisoned(capture.ConversionId, typeof(CaptureMachine)) with { Body = body };
        await ferry.DeadLetters.KeepAsync(poisoned, Stop);
        await ferry.DeadLetters.KeepAsync(poisoned, Stop);
        await ferry.DeadLetters.KeepAsync(poisoned with { FailedAt = poisoned.FailedAt.AddSeconds(1) }, Stop);
        var letter = Assert.Single((await ferry.DeadLetters.ListAsync(0, 10, Stop)).DeadLetters);
        Assert.Equal(2, letter.Failures);

        Assert.Equal("sent", (await ferry.DeadLetters.RetryAsync(letter.Id, Stop))!.Outcome);
        Assert.Equal(capture, await ferry.Sent.NextAsync<CaptureMachine>());
        Assert.Null(await ferry.DeadLetters.RetryAsync(letter.Id, Stop));

        await ferry.DeadLetters.KeepAsync(poisoned, Stop);
        await ferry.CaptureAsync(capture, false);
        await ferry.InStateAsync(capture.ConversionId, "FixingUp");
        Assert.Equal("refused", (await ferry.DeadLetters.RetryAsync(letter.Id, Stop))!.Outcome);
        Assert.NotNull(await ferry.DeadLetters.GetAsync(letter.Id, Stop));
    }

    [Fact]
    public void WhatCouldBeACredential_IsMasked()
    {
        var masked = DeadLetterMask.Of("""{"source":"https://joe:hunter2@esx.local/folder/a.vmdk?dsName=hunter2","apiToken":"hunter2","list":["http://h/x?sig=hunter2"],"note":"a://b"}""");
        Assert.DoesNotContain("hunter2", masked, StringComparison.Ordinal);
        Assert.Contains("https://***@esx.local/folder/a.vmdk?***", masked, StringComparison.Ordinal);
        Assert.Contains("\"note\": \"a://b\"", masked, StringComparison.Ordinal);
    }

    // The saga and the box hear of a message each for itself.
    private async Task<DeadLetterView> KeptAsync()
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while (await timer.WaitForNextTickAsync(Stop))
        {
            if ((await ferry.DeadLetters.ListAsync(0, 10, Stop)).DeadLetters is [var letter])
            {
                return letter;
            }
        }

        throw new OperationCanceledException(Stop);
    }

    private static MessagePoisoned Poisoned(Guid id, Type type) => new()
    {
        ConversionId = id, Attempt = 1, Type = type.FullName!, Queue = Ferry.Hosting.Outbox.QueueName.For(type), MessageId = new Guid(1, 2, 3, new byte[8]), Reason = "JsonException",
        FailedAt = DateTimeOffset.UnixEpoch,
    };

    private static ConversionCleanedUp CleanedUp(CleanUpConversion command) => new() { ConversionId = command.ConversionId, Attempt = command.Attempt, Residue = [] };
}
