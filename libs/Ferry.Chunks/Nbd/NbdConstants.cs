namespace Ferry.Chunks.Nbd;

/// <summary>Numbers of the NBD protocol (NetworkBlockDevice/nbd, doc/proto.md, "Values").</summary>
internal static class NbdConstants
{
    public const ulong InitMagic = 0x4e42444d41474943;
    public const ulong OptionMagic = 0x49484156454f5054;
    public const ulong OptionReplyMagic = 0x0003e889045565a9;
    public const uint RequestMagic = 0x25609513;
    public const uint SimpleReplyMagic = 0x67446698;
    public const uint StructuredReplyMagic = 0x668e33ef;

    public const ushort FlagFixedNewstyle = 1;
    public const ushort FlagNoZeroes = 2;

    public const ushort TransmissionHasFlags = 1;
    public const ushort TransmissionReadOnly = 2;
    public const ushort TransmissionSendFlush = 4;
    public const ushort TransmissionSendFua = 8;
    public const ushort TransmissionSendTrim = 32;
    public const ushort TransmissionSendWriteZeroes = 64;
    public const ushort TransmissionSendDf = 128;
    public const ushort TransmissionCanMultiConn = 256;

    public const ushort CommandFlagFua = 1;
    public const ushort CommandFlagNoHole = 2;
    public const ushort CommandFlagDf = 4;
    public const ushort CommandFlagReqOne = 8;

    public const uint ReplyAck = 1;
    public const uint ReplyServer = 2;
    public const uint ReplyInfo = 3;
    public const uint ReplyMetaContext = 4;
    public const uint ReplyErrorUnsupported = 0x80000001;
    public const uint ReplyErrorInvalid = 0x80000003;
    public const uint ReplyErrorUnknown = 0x80000006;

    public const ushort InfoExport = 0;
    public const ushort InfoBlockSize = 3;

    public const ushort StructuredDone = 1;
    public const ushort StructuredNone = 0;
    public const ushort StructuredOffsetData = 1;
    public const ushort StructuredBlockStatus = 5;
    public const ushort StructuredError = 0x8001;

    public const uint StateHole = 1;
    public const uint StateZero = 2;

    public const uint ErrorPermission = 1;
    public const uint ErrorInputOutput = 5;
    public const uint ErrorInvalid = 22;
    public const uint ErrorNoSpace = 28;
    public const uint ErrorOverflow = 75;
    public const uint ErrorShutdown = 108;

    /// <summary>The one metadata context that is offered, and its id.</summary>
    public const string AllocationContext = "base:allocation";

    public const uint AllocationContextId = 1;
}
