namespace Ferry.Transfer;

/// <summary>The closed list of this service's own error codes; docs/errors.md explains each.</summary>
public static class TransferErrors
{
    /// <summary>The source's URL has a scheme or host that is not allowed, or holds credentials.</summary>
    public const string SourceNotAllowed = "SOURCE_NOT_ALLOWED";

    /// <summary>The manifest has nothing that could be transferred: its origin is not remote.</summary>
    public const string OriginNotRemote = "ORIGIN_NOT_REMOTE";

    /// <summary>The source keeps sending bytes that were not asked for, or that are not those of their chunk.</summary>
    public const string BadData = "SOURCE_BAD_DATA";

    /// <summary>The credential is not there, cannot be read, or may not be sent to the source.</summary>
    public const string CredentialUnusable = "SOURCE_CREDENTIAL_UNUSABLE";

    /// <summary>The source wants another user or password.</summary>
    public const string Denied = "SOURCE_DENIED";

    /// <summary>The source does not answer Range requests.</summary>
    public const string NoRanges = "SOURCE_NO_RANGES";

    /// <summary>The transfer job was cancelled.</summary>
    public const string Cancelled = "TRANSFER_CANCELLED";

    /// <summary>There is no such transfer job.</summary>
    public const string Unknown = "TRANSFER_UNKNOWN";

    /// <summary>What was asked of the transfer job is not possible in its state.</summary>
    public const string WrongState = "TRANSFER_WRONG_STATE";

    /// <summary>The id belongs to another transfer job.</summary>
    public const string IdTaken = "TRANSFER_ID_TAKEN";

    /// <summary>The request of a transfer job is wrong.</summary>
    public const string Invalid = "TRANSFER_INVALID";

    /// <summary>The limits cannot be understood.</summary>
    public const string LimitsInvalid = "LIMITS_INVALID";

    /// <summary>Somebody else has changed the limits meanwhile.</summary>
    public const string LimitsChanged = "LIMITS_CHANGED";

    /// <summary>The upload has no file with that index.</summary>
    public const string UploadFileUnknown = "UPLOAD_FILE_UNKNOWN";

    /// <summary>What was sent as a page of entries is none of that file.</summary>
    public const string UploadPageInvalid = "UPLOAD_PAGE_INVALID";

    /// <summary>The page of entries was not sent yet.</summary>
    public const string UploadPageUnknown = "UPLOAD_PAGE_UNKNOWN";

    /// <summary>The file has no such chunk at that place.</summary>
    public const string UploadChunkNotAsked = "UPLOAD_CHUNK_NOT_ASKED";

    /// <summary>The body cannot be taken: too long, broken off, or encoded in an unknown way.</summary>
    public const string UploadBodyInvalid = "UPLOAD_BODY_INVALID";

    /// <summary>Too many requests at once.</summary>
    public const string UploadBusy = "UPLOAD_BUSY";

    /// <summary>Pages or chunks of the file are missing.</summary>
    public const string UploadIncomplete = "UPLOAD_INCOMPLETE";

    /// <summary>The upload was made without a machine, so that no conversion can start from it.</summary>
    public const string UploadNoMachine = "UPLOAD_NO_MACHINE";

    /// <summary>The upload has not ended, or its result was given up already.</summary>
    public const string UploadNotThere = "UPLOAD_NOT_THERE";

    /// <summary>The client of the upload is silent.</summary>
    public const string UploadSilent = "UPLOAD_SILENT";

    /// <summary>A bandwidth window lets nothing through now.</summary>
    public const string WindowClosed = "BANDWIDTH_WINDOW_CLOSED";

    /// <summary>There is a file at the destination in the library share.</summary>
    public const string DestinationExists = "DESTINATION_EXISTS";

    /// <summary>There is a machine of that name in the library, or one is being added.</summary>
    public const string LibraryNameExists = "LIBRARY_NAME_EXISTS";

    /// <summary>There is no machine of that name in the library, or no library.</summary>
    public const string LibraryUnknown = "LIBRARY_UNKNOWN";

    /// <summary>A conversion reads the machine.</summary>
    public const string LibraryInUse = "LIBRARY_IN_USE";

    /// <summary>A file of the source has a name that the library does not take.</summary>
    public const string LibraryFileName = "LIBRARY_FILE_NAME";

    /// <summary>The machine's record is damaged.</summary>
    public const string LibraryUnusable = "LIBRARY_UNUSABLE";

    /// <summary>The request to the library is wrong.</summary>
    public const string LibraryInvalid = "LIBRARY_INVALID";
}
