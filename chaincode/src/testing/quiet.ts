// The chaincode runtime reads its log level when it is loaded: import this before it.
process.env.CORE_CHAINCODE_LOGGING_LEVEL = 'critical';
