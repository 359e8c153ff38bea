import { Controller, Get, Param, Post, Put, Query, Req } from '@nestjs/common';
import { ApiBody, ApiTags } from '@nestjs/swagger';
import { FleetStatusReader, planTierChange } from '@smart-router/fleet';
import { annotate, compileValidator, FieldsPipe, type JsonObject, parseJsonObject } from '@smart-router/http';
import {
  type TierConfig,
  type TierConfigRevision,
  TierConfigService,
  tierConfigEnvelope,
} from '@smart-router/tier-config';
import type { FastifyRequest } from 'fastify';
import { VersionPath } from '../inputs/path-params.dto';
import { ApiRoute, BODY_ERRORS, STORE_ERRORS } from '../openapi/api-route';
import { dryRunBody } from './dry-run-body';
import { DryRunResponse } from './dry-run.dto';
import { DryRunQuery, ExpectedVersion } from './tier-config-inputs.dto';
import { storedConfig, unknownVersion, validConfig, versionConflict } from './tier-config-outcome';
import {
  RollbackRequest,
  RollbackTarget,
  TierConfigChange,
  TierConfigResponse,
  TierConfigRevisionBody,
  TierConfigVersions,
} from './tier-config.dto';

const expectedVersionOf = compileValidator(ExpectedVersion);
const checkRollback = compileValidator(RollbackRequest, { strict: true });
const checkRollbackTarget = compileValidator(RollbackTarget, { strict: true });

function revisionBody({ version, config }: TierConfigRevision): TierConfigRevisionBody {
  return { version, config: config && tierConfigEnvelope(config) };
}

@ApiTags('tier config')
@Controller('tier-config')
export class TierConfigController {
  constructor(
    private readonly tierConfig: TierConfigService,
    private readonly fleet: FleetStatusReader,
  ) {}

  @Get()
  @ApiRoute({
    id: 'getTierConfig',
    scope: 'read',
    summary: 'Show the tier config in force',
    description: 'Looks at the store first. Where the store cannot be reached, the last good config is still in force.',
    answer: TierConfigResponse,
    answerText: 'The config.',
    errors: ['DEADLINE_EXCEEDED'],
  })
  async get(): Promise<TierConfigResponse> {
    await this.tierConfig.refresh();
    return tierConfigEnvelope(this.tierConfig.current());
  }

  @Put()
  @ApiBody({ type: TierConfigChange })
  @ApiRoute({
    id: 'putTierConfig',
    scope: 'write',
    summary: 'Replace the tier config, or ask what that would do',
    description:
      'All or nothing; content that is in force already makes no new version. `version` names the version that is replaced; where another one is current by now, nothing ' +
      'is changed and the answer is 409. With `dry_run=true` nothing is changed in any case: the answer tells what ' +
      'would move, and `version` may be left out.',
    query: DryRunQuery,
    answer: { anyOf: [TierConfigResponse, DryRunResponse] },
    answerText: 'The new config; for a dry run, what would move.',
    errors: [...BODY_ERRORS, 'INVALID_TIER_CONFIG', 'VERSION_CONFLICT', ...STORE_ERRORS],
    fieldError: 'version is required',
  })
  async put(
    @Query(new FieldsPipe(DryRunQuery)) { dry_run }: DryRunQuery,
    @Req() request: FastifyRequest,
  ): Promise<TierConfigResponse | DryRunResponse> {
    const { version, ...config } = parseJsonObject(request.body);
    if (dry_run === 'true') return this.dryRun(validConfig(this.tierConfig.check(config)), version);
    const expected = expectedVersionOf({ version });
    annotate(request, { expected_version: expected.version });
    const stored = storedConfig(await this.tierConfig.replace(config, expected.version));
    annotate(request, { tier_config_version: stored.version });
    return stored;
  }

  @Get('versions')
  @ApiRoute({
    id: 'listTierConfigVersions',
    scope: 'read',
    summary: 'List earlier tier configs',
    description: 'What was stored, newest first; the first one is current unless somebody edited the store by hand.',
    answer: TierConfigVersions,
    answerText: 'The history.',
    errors: STORE_ERRORS,
  })
  async versions(): Promise<TierConfigVersions> {
    return { items: (await this.tierConfig.history()).map(revisionBody) };
  }

  @Get('versions/:version')
  @ApiRoute({
    id: 'getTierConfigVersion',
    scope: 'read',
    summary: 'Show one version of the tier config',
    description: 'What was stored as this version, one of the last 50.',
    answer: TierConfigRevisionBody,
    answerText: 'The version.',
    errors: ['INVALID_FIELD', 'VERSION_NOT_FOUND', ...STORE_ERRORS],
    fieldError: 'version must be a whole number, 0 or more',
  })
  async version(@Param(new FieldsPipe(VersionPath)) path: VersionPath): Promise<TierConfigRevisionBody> {
    const asked = Number(path.version);
    const revision = (await this.tierConfig.history()).find(({ version }) => version === asked);
    if (revision === undefined) throw unknownVersion(asked);
    return revisionBody(revision);
  }

  @Post('rollback')
  @ApiBody({ type: RollbackRequest })
  @ApiRoute({
    id: 'rollbackTierConfig',
    scope: 'write',
    summary: 'Bring an earlier tier config back',
    description:
      'Stores the content of `to_version` again, as a new version. With `dry_run=true` nothing is changed: the answer ' +
      'tells what would move, and `version` may be left out.',
    query: DryRunQuery,
    answer: { anyOf: [TierConfigResponse, DryRunResponse] },
    answerText: 'The new config; for a dry run, what would move.',
    errors: [...BODY_ERRORS, 'INVALID_TIER_CONFIG', 'VERSION_NOT_FOUND', 'VERSION_CONFLICT', ...STORE_ERRORS],
    fieldError: 'to_version is required',
  })
  async rollback(
    @Query(new FieldsPipe(DryRunQuery)) { dry_run }: DryRunQuery,
    @Req() request: FastifyRequest,
  ): Promise<TierConfigResponse | DryRunResponse> {
    const body = parseJsonObject(request.body);
    if (dry_run === 'true') return this.dryRunRollback(body);
    const { to_version, version } = checkRollback(body);
    annotate(request, { expected_version: version, to_version });
    const stored = storedConfig(await this.tierConfig.rollback(to_version, version));
    annotate(request, { tier_config_version: stored.version });
    return stored;
  }

  private async dryRunRollback({ version, ...target }: JsonObject): Promise<DryRunResponse> {
    const { to_version } = checkRollbackTarget(target);
    const parsed = await this.tierConfig.checkRollback(to_version);
    if (parsed === null) throw unknownVersion(to_version);
    return this.dryRun(validConfig(parsed), version);
  }

  private async dryRun(after: TierConfig, version: unknown): Promise<DryRunResponse> {
    await this.tierConfig.refresh();
    const before = this.tierConfig.current();
    if (version !== undefined && expectedVersionOf({ version }).version !== before.version) {
      throw versionConflict(before.version);
    }
    const { pools } = await this.fleet.readPools();
    return dryRunBody(before.version, planTierChange(pools, before, after));
  }
}
