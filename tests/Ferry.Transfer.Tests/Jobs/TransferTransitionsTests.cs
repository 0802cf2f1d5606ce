using Ferry.Contracts.Transfer;
using Ferry.Transfer.Jobs;

namespace Ferry.Transfer.Tests.Jobs;

/// <summary>Every cell of the table: each state with everything that can happen.</summary>
public sealed class TransferTransitionsTests
{
    // "=" is a repeat, "-" is illegal. The columns are in the order of TransferTrigger.
    private static readonly string[] Expected =
    [
        //                Resume     Suspend    Cancel     Acknowledge   Connect     Open          Requeue    Fail            Fault  Complete
        "Queued         | =        | Suspended | Cancelled | -            | Connecting | -            | =      | TransientError | Error | -",
        "Connecting     | =        | Suspended | Cancelled | -            | =          | Transferring | Queued | TransientError | Error | -",
        "Transferring   | =        | Suspended | Cancelled | -            | -          | =            | Queued | TransientError | Error | Transferred",
        "Suspended      | Queued   | =         | Cancelled | -            | -          | -            | -      | -              | -     | -",
        "TransientError | Queued   | Suspended | Cancelled | -            | -          | -            | Queued | =              | Error | -",
        "Error          | Queued   | Suspended | Cancelled | Acknowledged | -          | -            | -      | -              | =     | -",
        "Transferred    | -        | -         | Cancelled | Acknowledged | -          | -            | -      | -              | -     | =",
        "Acknowledged   | -        | -         | -         | =            | -          | -            | -      | -              | -     | -",
        "Cancelled      | -        | -         | =         | -            | -          | -            | -      | -              | -     | -",
    ];

    public static TheoryData<TransferJobState, TransferTrigger, string> Cells
    {
        get
        {
            var cells = new TheoryData<TransferJobState, TransferTrigger, string>();
            foreach (var row in Expected)
            {
                var columns = row.Split('|', StringSplitOptions.TrimEntries);
                foreach (var trigger in Enum.GetValues<TransferTrigger>())
                {
                    cells.Add(Enum.Parse<TransferJobState>(columns[0]), trigger, columns[1 + (int)trigger]);
                }
            }

            return cells;
        }
    }

    [Fact]
    public void EveryCell_IsExpectedToBeSomething() =>
        Assert.Equal(Enum.GetValues<TransferJobState>().Length * Enum.GetValues<TransferTrigger>().Length, Cells.Count);

    [Theory]
    [MemberData(nameof(Cells))]
    public void Next_OfEachCell_IsWhatTheTableSays(TransferJobState state, TransferTrigger trigger, string expected)
    {
        var next = TransferTransitions.Next(state, trigger);

        Assert.Equal(expected switch { "-" => null, "=" => state, _ => Enum.Parse<TransferJobState>(expected) }, next);
    }

    [Theory]
    [MemberData(nameof(Cells))]
    public void Move_OfEachCell_ChangesAndTells_OrDoesNothing_OrRefuses(TransferJobState state, TransferTrigger trigger, string expected)
    {
        var job = new TransferJobDocument
        {
            Id = TransferJobDocument.IdOf(Guid.NewGuid()), Name = "a", Owner = "", Files = [], CreatedAt = DateTimeOffset.UnixEpoch, State = state,
        };

        if (expected == "-")
        {
            var refused = Assert.Throws<TransferTransitionException>(() => job.Move(trigger, DateTimeOffset.UnixEpoch));
            Assert.Equal((state, trigger), (refused.State, refused.Trigger));
        }
        else
        {
            Assert.Equal(expected != "=", job.Move(trigger, DateTimeOffset.UnixEpoch));
        }

        Assert.Equal(expected is "-" or "=" ? state : Enum.Parse<TransferJobState>(expected), job.State);
        Assert.Equal(expected is "-" or "=" ? 0 : 1, job.Pending.Count);
    }
}
