// The chaincode runtime reads its log level when it is loaded, so import this file first.
process.env.CORE_CHAINCODE_LOGGING_LEVEL = 'critical';
